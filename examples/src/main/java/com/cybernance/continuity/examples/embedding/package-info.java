/**
 * Embeddings to copy. For authors of services that import this library.
 */
@NullMarked
package com.cybernance.continuity.examples.embedding;

import org.jspecify.annotations.NullMarked;
