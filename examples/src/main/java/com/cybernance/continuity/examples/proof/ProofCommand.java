package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.examples.proof.sabotage.Sabotages;
import com.cybernance.continuity.facts.ContinuityException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code ./proof} runs. */
@Command(
        name = "./proof",
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeOnInvalidInput = ProofCommand.BAD_INPUT,
        description = {
            "Starts a real PostgreSQL primary and its synchronous standby, lets clients write, looks for a while,"
                    + " and prints every sentence of the backup policy with its verdict and the evidence for it.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every clause is as docs/proof.md declares; with --sabotage, every sabotage moved exactly what it lists and was brought back",
            "1:a clause is BREACHED that is not declared so, a commit that a client was told of is missing, or a sabotage failed",
            "2:a clause is UNKNOWN that is not declared so, or the platform did not start, so that nothing is known",
            "3:bad input"
        })
final class ProofCommand implements Callable<Integer> {
    static final int AS_DECLARED = 0;
    static final int BREACHED = 1;
    static final int UNKNOWN = 2;
    static final int BAD_INPUT = 3;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = LookTime.class,
            description = "how long to look, for example 5s or 2min; ${DEFAULT-VALUE} unless said otherwise")
    private Duration lookFor = Duration.ofMinutes(1);

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "another policy; every clause of it is expected to be MET")
    private @Nullable Path policyFile;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the outcome there too, for machines")
    private @Nullable Path json;

    @Option(names = "--keep", description = "leaves the servers running, and tells how to connect and how to stop them")
    private boolean keep;

    @Option(
            names = "--list-sabotages",
            description = "prints each sabotage with the sentences that it must move, and ends")
    private boolean list;

    @Option(
            names = "--sabotage",
            paramLabel = "NAME|all",
            split = ",",
            description =
                    "breaks the platform on purpose, looks whether the verdicts tell, and repairs it; several with commas between")
    private List<String> sabotages = List.of();

    @SuppressWarnings("UnusedVariable") // picocli reads it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "prints this and ends")
    private boolean help;

    private final Terminal terminal;
    private final PrintStream err;

    private ProofCommand(Terminal terminal, PrintStream err) {
        this.terminal = terminal;
        this.err = err;
    }

    /** Runs the proof and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        Terminal terminal = Terminal.of(System.out, System.getProperty(Terminal.COLUMNS, ""), System.getenv());
        System.exit(run(terminal, System.out, System.err, arguments));
    }

    /** Runs the proof, and returns its exit status. */
    static int run(Terminal terminal, PrintStream out, PrintStream err, String... arguments) {
        return new CommandLine(new ProofCommand(terminal, err))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    err.println("./proof could not go on: " + failure);
                    failure.printStackTrace(err);
                    return UNKNOWN;
                })
                .setParameterExceptionHandler((mistake, given) -> {
                    err.println("./proof: " + mistake.getMessage());
                    err.println("Hint: ./proof --help lists what it takes");
                    return BAD_INPUT;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Optional<Promised> input = input();
        if (input.isEmpty()) {
            return BAD_INPUT;
        }
        if (list) {
            SabotageText.list(terminal, Sabotages.of(Path.of("")));
            return AS_DECLARED;
        }
        return start(input.get());
    }

    private int start(Promised input) throws InterruptedException, IOException {
        if (json != null) {
            new JsonFile(json).clear();
        }
        terminal.progress("Starting a PostgreSQL primary, its synchronous standby, and %d clients that write ..."
                .formatted(Load.CLIENTS));
        try (Platform platform = Platform.start(input.policy())) {
            Rhythm rhythm = new Rhythm(InstantSource.system());
            Header.print(terminal, input.policy(), platform.pair());
            Ending ending = sabotages.isEmpty()
                    ? new ProofRun(terminal, platform, rhythm).run(lookFor, input.declared())
                    : new SabotageRun(terminal, platform, rhythm)
                            .run(Chosen.of(sabotages, platform.pair().directory()), input.declared());
            if (json != null) {
                new JsonFile(json).write(ending.json());
                terminal.line("As JSON: " + json);
            }
            if (keep) {
                Kept.print(terminal, platform.pair());
            }
            return ending.exitStatus();
        }
    }

    /** Everything that was given, checked before anything is started; empty after a message about what is wrong. */
    private Optional<Promised> input() {
        try {
            if (!sabotages.isEmpty() && policyFile != null) {
                throw new BadInput(
                        "--sabotage names sentences of the built-in policy. Hint: leave out --policy, or --sabotage");
            }
            Chosen.of(sabotages, Path.of(""));
            if (json != null && !new JsonFile(json).writable()) {
                throw new BadInput("%s cannot be written. Hint: --json takes a plain file in a directory that exists"
                        .formatted(json));
            }
            return Optional.of(policyFile == null ? Promised.builtIn() : Promised.of(policyFile));
        } catch (BadInput | ContinuityException mistake) {
            err.println("./proof: " + mistake.getMessage());
            return Optional.empty();
        }
    }

    /** How a run ended. */
    record Ending(int exitStatus, String json) {}
}
