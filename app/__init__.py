"""Jiceng 基层: the registry-grade JSON service for Party-building work in social organizations."""
