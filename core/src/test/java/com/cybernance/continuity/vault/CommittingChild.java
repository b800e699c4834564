package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that commits objects until it is killed or done, and prints each one of which it is told that it is kept. */
final class CommittingChild {
    private CommittingChild() {}

    /** What a child writes under a name. */
    static String content(String child, String object) {
        return (child + " wrote " + object + "\n").repeat(20_000);
    }

    /** Takes the vault's directory, the child's name, and how many objects to commit. */
    public static void main(String[] arguments) throws IOException {
        DirectoryVault vault = DirectoryVault.at("raced", Path.of(arguments[0]));
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            String object = "shared/" + i / 10 + "/" + i;
            try (Vault.Draft draft = vault.create(object)) {
                draft.write(content(arguments[1], object).getBytes(StandardCharsets.UTF_8));
                draft.commit();
                say(object);
            } catch (ContinuityException e) {
                if (e.kind() != FailureKind.CONFLICT) {
                    throw e;
                }
            }
        }
        say("done");
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
