"""What people do with projects: lists, stories, exports, rights."""
