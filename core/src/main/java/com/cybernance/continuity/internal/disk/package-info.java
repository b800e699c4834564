/**
 * A file system as its users in this library need it: whole, durable steps, and no harm from an interrupted caller. For
 * this library alone.
 */
@NullMarked
package com.cybernance.continuity.internal.disk;

import org.jspecify.annotations.NullMarked;
