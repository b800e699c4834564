/** For whoever changes the embedded servers. */
@NullMarked
package com.cybernance.continuity.testkit.postgres;

import org.jspecify.annotations.NullMarked;
