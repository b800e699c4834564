/** Values as people read them. For this library alone. */
@NullMarked
package com.cybernance.continuity.internal.words;

import org.jspecify.annotations.NullMarked;
