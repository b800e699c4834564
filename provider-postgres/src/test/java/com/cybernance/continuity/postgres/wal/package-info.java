/** For whoever changes how the log is read: held against what real servers say of their own log. */
@NullMarked
package com.cybernance.continuity.postgres.wal;

import org.jspecify.annotations.NullMarked;
