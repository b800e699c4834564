package com.cybernance.continuity.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The result file. */
final class Report {
    private final Settings settings;
    private final Map<String, Object> machine;
    private final long clusterBytes;
    private final List<Map<String, Object>> results = new ArrayList<>();

    Report(Settings settings, long clusterBytes) throws IOException, InterruptedException {
        this.settings = settings;
        this.clusterBytes = clusterBytes;
        this.machine = machine();
    }

    /**
     * Adds a benchmark: ours against the peer at equal terms that took the least time.
     *
     * @param phases of ours, the seconds of each run
     */
    void add(
            String benchmark,
            Map<Contender, List<Measure>> measured,
            double peakHeap,
            Map<String, List<Double>> phases) {
        Map<Contender, Measure> medians = new LinkedHashMap<>();
        measured.forEach((contender, runs) -> medians.put(contender, Measure.median(runs)));
        Map.Entry<Contender, Measure> ours = medians.entrySet().stream()
                .filter(each -> each.getKey().ours())
                .findFirst()
                .orElseThrow();
        Map.Entry<Contender, Measure> peer = medians.entrySet().stream()
                .filter(each -> !each.getKey().ours() && each.getKey().equal())
                .min(Comparator.comparingDouble(each -> each.getValue().seconds()))
                .orElseThrow();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("benchmark", benchmark);
        result.put("unit", "s");
        result.put("ours", round(ours.getValue().seconds()));
        result.put("peer", round(peer.getValue().seconds()));
        result.put("peerName", peer.getKey().name());
        result.put("peerVersion", peer.getKey().version());
        result.put("ratio", round(peer.getValue().seconds() / ours.getValue().seconds()));
        result.put("goal", 1.0);
        result.put("runs", settings.runs());
        List<Map<String, Object>> all = new ArrayList<>();
        medians.forEach((contender, median) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", contender.name());
            one.put("version", contender.version());
            one.put("equalTerms", contender.equal());
            one.put("seconds", round(median.seconds()));
            one.put("cpuSeconds", round(median.cpuSeconds()));
            one.put("peakMebibytes", round(median.peakMebibytes()));
            one.put(
                    "secondsOfEachRun",
                    measured.getOrDefault(contender, List.of()).stream()
                            .map(each -> round(each.seconds()))
                            .toList());
            all.add(one);
        });
        result.put("contenders", all);
        Map<String, Object> medianPhases = new LinkedHashMap<>();
        phases.forEach((phase, runs) -> medianPhases.put(phase, round(Measure.median(runs, each -> each))));
        result.put("phasesOfOurs", medianPhases);
        results.add(result);
        Map<String, Object> heap = new LinkedHashMap<>();
        heap.put("benchmark", benchmark + ".heap");
        heap.put("unit", "MiB");
        heap.put("value", round(peakHeap));
        heap.put("limit", Settings.HEAP_MEBIBYTES);
        heap.put("direction", "lower");
        results.add(heap);
    }

    void write() throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        all.put("machine", machine);
        all.put("clusterMebibytes", clusterBytes >> 20);
        all.put("logMebibytes", settings.logMebibytes());
        all.put("seed", settings.seed());
        all.put("zstdLevel", Settings.LEVEL);
        all.put("results", results);
        Files.createDirectories(settings.out().resolveSibling("."));
        Files.writeString(
                settings.out(),
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all) + "\n");
    }

    private static Map<String, Object> machine() throws IOException, InterruptedException {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", Shell.read("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1"));
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put(
                "memoryGibibytes",
                Math.round(Double.parseDouble(Shell.read("awk '/^MemTotal/ {print $2}' /proc/meminfo")) / (1 << 20)));
        machine.put("os", Shell.read(". /etc/os-release && echo \"$PRETTY_NAME\""));
        machine.put("kernel", Shell.read("uname -r | cut -d - -f 1"));
        machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        return machine;
    }

    private static double round(double figure) {
        return Math.round(figure * 100) / 100.0;
    }
}
