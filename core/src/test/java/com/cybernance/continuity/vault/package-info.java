@NullMarked
package com.cybernance.continuity.vault;

import org.jspecify.annotations.NullMarked;
