@NullMarked
package com.cybernance.continuity.benchmarks;

import org.jspecify.annotations.NullMarked;
