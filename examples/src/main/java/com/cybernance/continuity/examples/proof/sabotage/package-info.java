/**
 * Ways to break a pair of PostgreSQL servers from outside, each with its repair. For the proof, which must notice every
 * one of them: nothing here knows the library, so nothing can tell it what to say.
 */
@NullMarked
package com.cybernance.continuity.examples.proof.sabotage;

import org.jspecify.annotations.NullMarked;
