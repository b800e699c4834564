package com.cybernance.continuity.policy;

import java.util.List;

/** x. */
public record Contradiction(List<String> clauses, String what) {}
