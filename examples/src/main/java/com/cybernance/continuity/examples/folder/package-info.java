/**
 * The provider of {@code docs/writing-a-provider.md}. For authors of providers, to start from.
 */
@NullMarked
package com.cybernance.continuity.examples.folder;

import org.jspecify.annotations.NullMarked;
