/**
 * What was seen: pure values, for everybody. Nothing here does I/O, logs or reads a clock.
 */
@NullMarked
package com.cybernance.continuity.facts;

import org.jspecify.annotations.NullMarked;
