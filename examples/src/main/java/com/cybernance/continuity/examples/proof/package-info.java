/**
 * The policy proof, which {@code ./proof} runs: a real pair of servers, real clients, every sentence of a policy judged,
 * and the judge itself put to the test by sabotage. For people who want to see before they believe.
 */
@NullMarked
package com.cybernance.continuity.examples.proof;

import org.jspecify.annotations.NullMarked;
