/**
 * What SQL sees of any PostgreSQL from 15 to 18, self-hosted or managed. For embedders, who hand over the ways in.
 */
@NullMarked
package com.cybernance.continuity.postgres;

import org.jspecify.annotations.NullMarked;
