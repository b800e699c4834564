/** Digests. For this library alone. */
@NullMarked
package com.cybernance.continuity.internal.digest;

import org.jspecify.annotations.NullMarked;
