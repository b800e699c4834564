@NullMarked
package com.cybernance.continuity.restore;

import org.jspecify.annotations.NullMarked;
