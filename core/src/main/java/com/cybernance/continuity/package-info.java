/**
 * The door: where an embedder binds a policy to what it protects, looks, and gets a report.
 */
@NullMarked
package com.cybernance.continuity;

import org.jspecify.annotations.NullMarked;
