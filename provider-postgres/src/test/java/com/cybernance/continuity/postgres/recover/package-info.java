@NullMarked
package com.cybernance.continuity.postgres.recover;

import org.jspecify.annotations.NullMarked;
