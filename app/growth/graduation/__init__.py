"""Graduation: how a livelihood holds, criterion by criterion, who decides, who hears objections, the letter."""
