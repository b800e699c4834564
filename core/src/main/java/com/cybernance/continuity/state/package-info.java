/**
 * A {@link com.cybernance.continuity.spi.StateStore} over a directory. For embedders who keep the library's records on
 * a local disk. The bytes on disk are described in {@code docs/format.md}.
 */
@NullMarked
package com.cybernance.continuity.state;

import org.jspecify.annotations.NullMarked;
