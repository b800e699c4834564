@NullMarked
package com.cybernance.continuity.postgres.backup;

import org.jspecify.annotations.NullMarked;
