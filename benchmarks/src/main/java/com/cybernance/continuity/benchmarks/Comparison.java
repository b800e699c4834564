package com.cybernance.continuity.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Runs every contender of every benchmark in turn, again and again, and writes down the medians. */
final class Comparison {
    private static final List<String> ALL = List.of("backup", "restore", "receive");
    private static final Duration CLEANING = Duration.ofMinutes(2);

    private final Settings settings;
    private final Shell shell;
    private final Map<String, Double> peakHeap = new LinkedHashMap<>();
    private final Map<String, List<Double>> phases = new LinkedHashMap<>();

    private Comparison(Settings settings, Shell shell) {
        this.settings = settings;
        this.shell = shell;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> unknown =
                Stream.of(args).filter(each -> !ALL.contains(each)).toList();
        if (!unknown.isEmpty()) {
            refuse(unknown + " are not among " + ALL);
        }
        Settings settings = Settings.ofEnvironment();
        try {
            Workplace.claim(settings.directory());
        } catch (IOException e) {
            refuse(String.valueOf(e.getMessage()));
        }
        Path log = settings.directory().resolve("commands.log");
        Files.writeString(log, "");
        EndedEarly.interrupts(Thread.currentThread(), CLEANING);
        new Comparison(settings, new Shell(log)).run(inOrder(List.of(args)));
    }

    private static void refuse(String why) {
        System.err.println("benchmarks/run: " + why);
        System.exit(3);
    }

    /** What is restored was backed up before, in whatever order they are named. All, when none is named. */
    static List<String> inOrder(List<String> named) {
        return named.isEmpty() ? ALL : ALL.stream().filter(named::contains).toList();
    }

    private void run(List<String> wanted) throws IOException, InterruptedException {
        say("cluster of %d MiB, seed %d, in %s", settings.mebibytes(), settings.seed(), settings.directory());
        SourceCluster source = new SourceCluster(settings, shell);
        try {
            source.open();
            Contests contests = new Contests(settings, source);
            Report report = new Report(settings, source.bytes());
            for (String benchmark : wanted) {
                if (benchmark.equals("restore") && !wanted.contains("backup")) {
                    measure(contests.of("backup"), 1);
                    peakHeap.clear();
                    phases.clear();
                }
                Map<Contender, List<Measure>> measured = measure(contests.of(benchmark), settings.runs());
                report.add(benchmark, measured, peakHeap.getOrDefault(Contender.OURS, 0.0), phases);
                report.write();
                peakHeap.clear();
                phases.clear();
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
            Measure measure = shell.measure(
                    there + contender.command(), settings.directory().resolve(Contests.ANSWERED));
            Path heap = settings.directory().resolve("heap");
            if (contender.ours() && Files.exists(heap)) {
                double mebibytes = Double.parseDouble(Files.readString(heap)) / (1 << 20);
                peakHeap.merge(contender.name(), mebibytes, Math::max);
                addPhases(measure.seconds());
            }
            return measure;
        } finally {
            shell.run(there + "set +e\n" + contender.clean() + "\n:");
        }
    }

    /** What no phase names is the time before the Java machine counts and after the work is done. */
    private void addPhases(double seconds) throws IOException {
        Map<String, Double> taken = Phases.read(settings.directory().resolve("phases"));
        taken.put(
                "not in any phase",
                seconds - taken.values().stream().mapToDouble(each -> each).sum());
        taken.forEach((phase, time) -> {
            phases.computeIfAbsent(phase, ignored -> new ArrayList<>()).add(time);
            say("    %-44s %6.3f s", phase, time);
        });
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
