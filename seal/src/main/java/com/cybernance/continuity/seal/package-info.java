/**
 * Sealing around any vault. For embedders whose vaults others can read or write: what lies there is confidential, and
 * whatever was changed, cut, moved or mixed up is refused. The bytes are described in {@code docs/format.md}.
 */
@NullMarked
package com.cybernance.continuity.seal;

import org.jspecify.annotations.NullMarked;
