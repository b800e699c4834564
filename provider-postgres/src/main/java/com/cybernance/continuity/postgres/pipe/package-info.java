/** Lets two parts of a stream's way work at the same time. */
@NullMarked
package com.cybernance.continuity.postgres.pipe;

import org.jspecify.annotations.NullMarked;
