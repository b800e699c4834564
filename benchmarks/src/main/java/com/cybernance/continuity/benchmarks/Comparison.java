package com.cybernance.continuity.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs every contender of every benchmark in turn, again and again, and writes down the medians. */
final class Comparison {
    private static final List<String> ALL = List.of("backup", "restore", "receive");

    private final Settings settings;
    private final Shell shell;
    private final Map<String, Double> peakHeap = new LinkedHashMap<>();

    private Comparison(Settings settings, Shell shell) {
        this.settings = settings;
        this.shell = shell;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> wanted = args.length == 0 ? ALL : List.of(args);
        if (!ALL.containsAll(wanted)) {
            System.err.println("benchmarks/run: " + wanted + " are not all among " + ALL);
            System.exit(3);
        }
        Settings settings = Settings.ofEnvironment();
        Files.createDirectories(settings.directory());
        Path log = settings.directory().resolve("commands.log");
        Files.writeString(log, "");
        Shell shell = new Shell(log);
        new Comparison(settings, shell).run(wanted);
    }

    private void run(List<String> wanted) throws IOException, InterruptedException {
        say("cluster of %d MiB, seed %d, in %s", settings.mebibytes(), settings.seed(), settings.directory());
        SourceCluster source = new SourceCluster(settings, shell);
        source.open();
        try {
            Contests contests = new Contests(settings, source);
            Report report = new Report(settings, source.bytes());
            for (String benchmark : wanted) {
                if (benchmark.equals("restore") && !wanted.contains("backup")) {
                    measure(contests.of("backup"), 1);
                }
                Map<Contender, List<Measure>> measured = measure(contests.of(benchmark), settings.runs());
                report.add(benchmark, measured, peakHeap.getOrDefault(Contender.OURS, 0.0));
                report.write();
                peakHeap.clear();
            }
            say("written to %s", settings.out());
        } finally {
            source.stop();
        }
    }

    /** In turn, and each time another one begins. */
    private Map<Contender, List<Measure>> measure(List<Contender> contenders, int runs)
            throws IOException, InterruptedException {
        Map<Contender, List<Measure>> measured = new LinkedHashMap<>();
        contenders.forEach(each -> measured.put(each, new ArrayList<>()));
        for (int run = 0; run < runs; run++) {
            for (int i = 0; i < contenders.size(); i++) {
                Contender contender = contenders.get((run + i) % contenders.size());
                Measure measure = one(contender);
                measured.getOrDefault(contender, new ArrayList<>()).add(measure);
                say(
                        "%-28s run %d: %6.2f s, %6.2f s of CPU, %5.0f MiB",
                        contender.name(), run + 1, measure.seconds(), measure.cpuSeconds(), measure.peakMebibytes());
            }
        }
        return measured;
    }

    private Measure one(Contender contender) throws IOException, InterruptedException {
        String there = "cd '%s'\n".formatted(settings.directory());
        // What others left in the cache to be written would be waited for by whoever comes next.
        shell.run(there + contender.prepare() + "\nsync -f .");
        try {
            Measure measure = shell.measure(there + contender.command());
            Path heap = settings.directory().resolve("heap");
            if (contender.ours() && Files.exists(heap)) {
                double mebibytes = Double.parseDouble(Files.readString(heap)) / (1 << 20);
                peakHeap.merge(contender.name(), mebibytes, Math::max);
            }
            return measure;
        } finally {
            shell.run(there + "set +e\n" + contender.clean() + "\n:");
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
