/** Tests of the log receiver, against real servers and files. */
@NullMarked
package com.cybernance.continuity.postgres.receive;

import org.jspecify.annotations.NullMarked;
