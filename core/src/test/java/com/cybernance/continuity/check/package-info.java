/** Tests of the judge. */
@NullMarked
package com.cybernance.continuity.check;

import org.jspecify.annotations.NullMarked;
