/** For whoever changes the provider: what it must see, on real servers. */
@NullMarked
package com.cybernance.continuity.postgres;

import org.jspecify.annotations.NullMarked;
