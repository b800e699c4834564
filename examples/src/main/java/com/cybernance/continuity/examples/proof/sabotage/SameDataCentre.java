package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Somebody moves the standby into the building of the primary: the servers are as healthy as ever. */
final class SameDataCentre implements Sabotage {
    private static final String SETTING = "continuity.data_centre";

    private final Server primary;
    private final Server standby;
    private String before = "";

    SameDataCentre(Server primary, Server standby) {
        this.primary = primary;
        this.standby = standby;
    }

    @Override
    public String name() {
        return "same-data-centre";
    }

    @Override
    public String description() {
        return "the standby's settings file says that it stands in the primary's data centre (file, SIGHUP)";
    }

    @Override
    public Moves mustMove() {
        return Sabotages.COPY_BREACHED;
    }

    @Override
    public void breakIt() throws Exception {
        before = Files.readString(settings());
        String line = "%s = '%s'".formatted(SETTING, primary.ask("SHOW " + SETTING));
        String moved = before.replaceAll("(?m)^\\Q" + SETTING + "\\E *=.*$", line);
        if (moved.equals(before)) {
            throw new IOException("%s has no setting %s to change".formatted(settings(), SETTING));
        }
        write(moved);
    }

    @Override
    public void repair() throws Exception {
        if (!before.isEmpty()) {
            write(before);
        }
    }

    private Path settings() throws IOException {
        return Path.of(standby.fact("dataDirectory")).resolve("continuity.conf");
    }

    /** In place, so that the file keeps its owner. */
    private void write(String text) throws IOException, InterruptedException {
        Files.writeString(settings(), text);
        standby.signal("HUP");
    }
}
