/** For whoever changes the provider: what it must see, on real servers. */
@NullMarked
package com.cybernance.continuity.postgres.layout;

import org.jspecify.annotations.NullMarked;
