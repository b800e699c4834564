package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/** A policy file that cannot stand, with all of its mistakes. */
public final class PolicyException extends ContinuityException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // List.copyOf is serializable
    private final List<Mistake> mistakes;

    PolicyException(String source, List<Mistake> mistakes, int left) {
        super(
                FailureKind.MISCONFIGURED,
                "%s cannot be used:%s%s"
                        .formatted(
                                source,
                                mistakes.stream().map(each -> "\n- " + each).collect(Collectors.joining()),
                                left == 0 ? "" : "\n- and %d more".formatted(left)),
                "correct what is listed and read the file again; nothing of it is in force");
        this.mistakes = List.copyOf(mistakes);
    }

    /** At least one, in the order of the file; the first hundred when there are more. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    /**
     * One mistake.
     *
     * @param line counted from 1
     * @param column counted from 1, in characters
     * @param message what is wrong, naming the clause, and what would be right
     */
    public record Mistake(int line, int column, String message) implements Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            return "line %d, column %d: %s".formatted(line, column, message);
        }
    }
}
