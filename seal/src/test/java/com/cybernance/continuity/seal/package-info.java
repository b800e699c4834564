/** Tests of sealing. */
@NullMarked
package com.cybernance.continuity.seal;

import org.jspecify.annotations.NullMarked;
