/**
 * What was promised: the policy as values, its file, and what weakens between two versions of it. For embedders.
 */
@NullMarked
package com.cybernance.continuity.policy;

import org.jspecify.annotations.NullMarked;
