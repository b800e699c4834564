package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.postgres.layout.Piece;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the log that a vault lists.
 *
 * @param digest of its object, as the vault tells it
 * @param index digest of the object of its index; null when there is none
 */
record Held(Piece piece, String digest, @Nullable String index) {}
