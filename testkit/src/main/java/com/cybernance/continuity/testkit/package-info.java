/**
 * Contract suites, virtual time, faults and seeded runs. For authors of providers, in test scope.
 */
@NullMarked
package com.cybernance.continuity.testkit;

import org.jspecify.annotations.NullMarked;
