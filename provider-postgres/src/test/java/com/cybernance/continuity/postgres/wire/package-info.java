@NullMarked
package com.cybernance.continuity.postgres.wire;

import org.jspecify.annotations.NullMarked;
