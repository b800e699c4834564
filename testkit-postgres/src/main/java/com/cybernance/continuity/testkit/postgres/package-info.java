/**
 * Real PostgreSQL servers for tests and rehearsals. For whoever wants to see a pair of servers replicate, break and
 * recover on a machine that has nothing but a JDK.
 */
@NullMarked
package com.cybernance.continuity.testkit.postgres;

import org.jspecify.annotations.NullMarked;
