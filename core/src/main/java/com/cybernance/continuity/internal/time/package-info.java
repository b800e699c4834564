/** Where the wall clock and the ticker of the machine are read, and nowhere else. Not for use outside this library. */
@NullMarked
package com.cybernance.continuity.internal.time;

import org.jspecify.annotations.NullMarked;
