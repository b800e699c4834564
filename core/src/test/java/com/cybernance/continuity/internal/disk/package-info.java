@NullMarked
package com.cybernance.continuity.internal.disk;

import org.jspecify.annotations.NullMarked;
