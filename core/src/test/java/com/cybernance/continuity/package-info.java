/** Tests of the door. */
@NullMarked
package com.cybernance.continuity;

import org.jspecify.annotations.NullMarked;
