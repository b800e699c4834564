/** Compares whole processes with the programs that people use otherwise. Run by {@code benchmarks/run}, never by a build. */
@NullMarked
package com.cybernance.continuity.benchmarks;

import org.jspecify.annotations.NullMarked;
