/** For whoever changes how restore points are found: random vaults, held against what is plainly true of them. */
@NullMarked
package com.cybernance.continuity.postgres.points;

import org.jspecify.annotations.NullMarked;
