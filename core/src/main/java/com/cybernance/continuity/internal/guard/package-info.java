/** Keeps providers from hurting the host or each other. Not for use outside this library. */
@NullMarked
package com.cybernance.continuity.internal.guard;

import org.jspecify.annotations.NullMarked;
