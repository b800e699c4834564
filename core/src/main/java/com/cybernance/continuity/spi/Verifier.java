package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.Comparison;
import java.util.Map;

/** Compares what was restored with the point that it was restored from. */
public interface Verifier {
    /**
     * Looks at a finished restore. A check that could not run says so; it never counts as passed.
     *
     * @param results what the steps of the restore brought, by name
     */
    Comparison compare(String run, RestoreRequest request, Map<String, String> results, Deadline deadline);
}
