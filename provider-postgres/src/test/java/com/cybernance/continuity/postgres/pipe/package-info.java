@NullMarked
package com.cybernance.continuity.postgres.pipe;

import org.jspecify.annotations.NullMarked;
