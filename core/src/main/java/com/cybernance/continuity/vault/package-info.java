/**
 * Where copies are kept: a vault in a directory, its keeper, the library's own records in any vault, and the copier
 * between vaults. For embedders. The layout on disk is described in {@code docs/vaults.md}.
 */
@NullMarked
package com.cybernance.continuity.vault;

import org.jspecify.annotations.NullMarked;
