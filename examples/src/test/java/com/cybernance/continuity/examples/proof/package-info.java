/** The proof put to the proof. For maintainers. */
@NullMarked
package com.cybernance.continuity.examples.proof;

import org.jspecify.annotations.NullMarked;
