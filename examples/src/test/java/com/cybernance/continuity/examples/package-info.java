/** Tests of the policy that the examples execute. */
@NullMarked
package com.cybernance.continuity.examples;

import org.jspecify.annotations.NullMarked;
