/**
 * What a provider implements and an embedder hands over. For authors of providers: one required method, one small
 * interface for each thing that a provider can see.
 */
@NullMarked
package com.cybernance.continuity.spi;

import org.jspecify.annotations.NullMarked;
