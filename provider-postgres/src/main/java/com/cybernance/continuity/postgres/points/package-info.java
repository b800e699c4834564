/** Which moments a cluster can be brought back to, found and shown from the vaults alone. For planners, verifiers and reports. */
@NullMarked
package com.cybernance.continuity.postgres.points;

import org.jspecify.annotations.NullMarked;
